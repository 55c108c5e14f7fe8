/** The colours of the charts, as the style sheet has them for the current colour scheme. */
export interface Theme {
  readonly ink: string;
  readonly grid: string;
  readonly surface: string;
  readonly fault: string;
  readonly faultShade: string;
  readonly p50: string;
  readonly p99: string;
  readonly font: string;
  status(status: number): string;
}

/** Reads the theme from the custom properties of the page's root. */
export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: colour('ink-soft'),
    grid: colour('line'),
    surface: colour('surface'),
    fault: colour('fault'),
    faultShade: colour('fault-shade'),
    p50: colour('p50'),
    p99: colour('p99'),
    font: `11px ${getComputedStyle(document.body).fontFamily}`,
    status: (status) =>
      colour(`status-${status}`) || colour(`status-${Math.floor(status / 100)}xx`) || colour('status-0'),
  };
}
