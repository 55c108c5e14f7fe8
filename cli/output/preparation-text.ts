import type { PreparationProgress } from '../../stack/prepare-runtime.js';

/** `3:05`, minutes and seconds. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** One line about what setting up is busy with, for example `2 of 3  traefik 3.7.5  compiling  3:05 of about 4:00`. */
export function preparationText(event: PreparationProgress): string {
  if (event.type === 'image') {
    const { phase, image } = event.progress;
    return `${phase === 'pull' ? 'pulling' : 'building'} image ${image}`;
  }
  const { progress } = event;
  const what = `${progress.ordinal} of ${progress.total}  ${progress.name} ${progress.version}`;
  switch (progress.phase) {
    case 'wait':
      return `${what}  waiting for ${progress.waitingFor}`;
    case 'download':
    case 'compile': {
      const verb = progress.phase === 'download' ? 'downloading' : 'compiling';
      return `${what}  ${verb}  ${clock(progress.phaseElapsedMs)} of about ${clock(progress.expectedMs)}`;
    }
    case 'done':
      return `${what}  ready (${progress.source}) after ${clock(progress.elapsedMs)}`;
  }
}
