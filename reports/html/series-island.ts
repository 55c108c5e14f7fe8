/** Id of the element in which the page carries its time series. */
export const seriesIsland = 'time-series';
