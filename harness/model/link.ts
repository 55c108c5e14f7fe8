/** Where a fault is put: one Toxiproxy hop, named by the arm it belongs to and the instance behind it. */
export interface Link {
  /** Name of the Toxiproxy proxy, `<arm>.<instance>`. */
  readonly name: string;
  readonly instance: string;
  /** The URL under which Traefik knows the instance; it leads through the proxy. */
  readonly url: string;
}

/** The links of one arm, one per instance, in instance order. */
export type Links = readonly Link[];
