@echo off
rem Builds what is missing or stale, then runs the command line.
setlocal
set "HERE=%~dp0"
set "JAR=%HERE%cli\target\noesis.jar"
powershell -NoProfile -Command "$j='%JAR%'; if (-not (Test-Path $j)) { exit 1 }; $t=(Get-Item $j).LastWriteTime; $n=Get-ChildItem '%HERE%pom.xml','%HERE%*\pom.xml','%HERE%*\src\main','%HERE%cli\recipes' -Recurse -File -ErrorAction SilentlyContinue | Where-Object { $_.LastWriteTime -gt $t } | Select-Object -First 1; if ($n) { exit 1 } else { exit 0 }"
if errorlevel 1 (
  echo noesis: building ^(the first time Maven also fetches the libraries^) ... 1>&2
  call mvn -q -B -f "%HERE%pom.xml" -pl cli -am -Dmaven.test.skip=true package 1>&2 || exit /b 1
)
if not defined ORT_DISABLE_TELEMETRY set ORT_DISABLE_TELEMETRY=1
if not defined DJL_OFFLINE set DJL_OFFLINE=true
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"
"%JAVA%" -XX:+UseParallelGC -XX:MaxNewSize=256m -Xlog:gc+ergo=error -Xshare:auto -Djava.awt.headless=true %NOESIS_JAVA_OPTS% -jar "%JAR%" %*
exit /b %ERRORLEVEL%
