package io.noesis.ingest.study.layout;

import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.ingest.glm.BetaSpec;
import io.noesis.ingest.glm.Confounds;
import io.noesis.ingest.glm.DesignMatrix;
import io.noesis.ingest.glm.DesignSpec;
import io.noesis.ingest.glm.Drift;
import io.noesis.ingest.glm.Hrfs;
import io.noesis.ingest.glm.SingleTrialBetas;
import io.noesis.ingest.glm.TrialTiming;
import io.noesis.run.DataException;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Estimates one beta per trial and voxel of a run.
 *
 * @param settings of the GLM and its confounds
 */
record BidsBetas(BidsSettings settings) {
  /** The betas of a run's trials, {@code [trials, voxels]}. */
  Tensor of(BidsRunTrials run, Tensor bold) {
    List<TrialTiming> timings = new ArrayList<>();
    for (BidsEvents.Event event : run.events().events()) {
      timings.add(
          new TrialTiming(
              "line " + event.line() + " (" + event.stimulus() + ")",
              event.onset(),
              event.duration()));
    }
    BidsSettings.Glm glm = settings.glm();
    DesignSpec spec = DesignSpec.DEFAULT.withHrf(Hrfs.registry().get(glm.hrf())).withDrift(drift());
    try {
      DesignMatrix design = DesignMatrix.of(run.timing(), timings, spec, confounds(run));
      BetaSpec betaSpec = new BetaSpec(glm.model(), glm.noise(), glm.unit());
      return SingleTrialBetas.estimate(design, bold, betaSpec).betas();
    } catch (DataException e) {
      throw new DataException(
          "estimating the betas of "
              + run.run().bold().path()
              + " with "
              + run.run().events()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  /** Drift as the settings have it. */
  Drift drift() {
    double highPassHz = settings.glm().highPassHz();
    return highPassHz == 0 ? new Drift.None() : new Drift.Cosine(highPassHz);
  }

  /** The run's confounds that the settings name. */
  Confounds confounds(BidsRunTrials run) {
    int volumes = run.timing().volumes();
    if (settings.confounds().isEmpty()) {
      return Confounds.none(volumes);
    }
    TsvTable table = Tsv.read(run.run().confounds().orElseThrow());
    if (table.rows() != volumes) {
      throw new DataException(
          "reading the confounds "
              + table.name()
              + ": it has "
              + table.rows()
              + " rows, the run has "
              + volumes
              + " volumes. Check that both are of the same run.");
    }
    int columns = settings.confounds().size();
    double[] values = new double[volumes * columns];
    for (int c = 0; c < columns; c++) {
      String name = settings.confounds().get(c);
      for (int row = 0; row < volumes; row++) {
        double value = table.numberOrNaN(row, name);
        // fMRIPrep leaves derivatives undefined at the first volume; 0 there is its own advice.
        values[row * columns + c] = row == 0 && Double.isNaN(value) ? 0 : value;
      }
    }
    return new Confounds(settings.confounds(), Matrix.wrap(volumes, columns, values));
  }
}
