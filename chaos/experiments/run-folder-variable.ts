/** Environment variable that names the folder of the run to assert; without it, it is the latest one. */
export const runFolderVariable = 'GAUNTLET_RUN';
