package io.noesis.experiment;

import io.noesis.alignment.geometry.NoiseCeiling;
import io.noesis.experiment.geometry.MeasuredGeometry;
import io.noesis.ingest.study.StudyCard;
import io.noesis.run.Version;
import java.util.List;
import java.util.stream.Collectors;

/** The text for a methods section of models' geometries, from the values that made them. */
final class GeometryMethods {
  private GeometryMethods() {}

  static String text(
      GeometryRecipe recipe,
      StudyCard card,
      MeasuredGeometry measured,
      List<ComparedModel> models) {
    GeometryEvaluationSpec spec = recipe.evaluation();
    int subjects = measured.subjects().size();
    StringBuilder text = new StringBuilder();
    if (card.origin() == StudyCard.Origin.SIMULATED) {
      text.append("THE RESPONSES WERE SIMULATED. ");
    }
    text.append("Representational similarity analysis (Kriegeskorte et al. 2008) was done with")
        .append(" Noesis ")
        .append(Version.current().number())
        .append(". Study: ")
        .append(card.title())
        .append(". Measured distances between ")
        .append(measured.conditions().size())
        .append(" conditions of ")
        .append(subjects)
        .append(subjects == 1 ? " subject" : " subjects")
        .append(" were taken as published. Models: ")
        .append(
            models.stream()
                .map(m -> m.name() + " (" + m.geometry().words() + ")")
                .collect(Collectors.joining("; ")))
        .append(". Each model's distances were compared with each subject's by ")
        .append(spec.comparison().words())
        .append(" over all pairs of conditions, and averaged over subjects. ");
    if (subjects > 1) {
      text.append("The noise ceiling (Nili et al. 2014) is each subject against the mean ")
          .append(spec.ceiling() == NoiseCeiling.Pooling.RANKS ? "ranks" : "distances")
          .append(" of the others (lower end) and of all (upper end). ");
    }
    return text.append("Intervals are 95 % percentile bootstrap intervals (")
        .append(spec.bootstraps())
        .append(" resamples of conditions, pairs of a condition with itself left out); nulls are")
        .append(" permutations of the model's conditions (")
        .append(spec.permutations())
        .append("); p = (1 + count of nulls at least as good) / (permutations + 1), with Holm's")
        .append(" correction over ")
        .append(models.size())
        .append(models.size() == 1 ? " model" : " models")
        .append(" for the verdict. Random seed ")
        .append(recipe.seed())
        .append('.')
        .toString();
  }
}
