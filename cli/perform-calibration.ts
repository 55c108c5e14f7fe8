import { calibrate } from '../chaos/calibration/calibrate.js';
import type { Calibration } from '../chaos/calibration/calibration-schema.js';
import { prepareGenerator } from '../stack/prepare-generator.js';
import type { RunView } from './output/run-view.js';

/** Gets k6 ready and calibrates it; the result and its evidence stay in `folder`. */
export async function performCalibration({
  view,
  ...request
}: {
  readonly calibration: string;
  readonly folder: string;
  readonly mode: Calibration['mode'];
  readonly seed: number;
  readonly view: RunView;
  readonly signal: AbortSignal;
}): Promise<Calibration> {
  const prepared = await prepareGenerator({
    run: request.calibration,
    signal: request.signal,
    onProgress: (progress) => view.preparing({ type: 'binary', progress }),
  });
  return calibrate({ ...request, ...prepared, say: (text) => view.note(text) });
}
