/** The programs that Gauntlet runs for real. */
export type BinaryName = 'k6' | 'toxiproxy' | 'traefik';

/** The Traefik versions that can be had, the default first. */
export const traefikVersions = ['3.7.5', '3.6.12', '3.0.4'] as const;

export type TraefikVersion = (typeof traefikVersions)[number];

/**
 * A module that a build takes from `stubs/` or from a trimmed copy, so that packages which nothing here uses cost no
 * compile time. `stub` replaces a whole module by the folder; `trim` copies the pinned module without the paths in
 * `drop` and adds the files of `add`.
 */
export type ModuleReplacement =
  | { readonly kind: 'stub'; readonly module: string; readonly folder: string }
  | { readonly kind: 'trim'; readonly module: string; readonly drop: readonly string[]; readonly add?: string };

/** One program at one version, and how it is found, built and asked for its version. */
export interface BinaryPin {
  readonly name: BinaryName;
  readonly version: string;
  /** The environment variable that names an executable to use instead. */
  readonly variable: string;
  /** Names under which the program is installed elsewhere, for the search on PATH. */
  readonly executables: readonly string[];
  readonly versionArguments: readonly string[];
  /** Finds the version, without a leading `v`, in what the program prints. */
  readonly versionPattern: RegExp;
  /** What the program must list beside its version because we add it: the published program lacks it. */
  readonly addition?: { readonly name: string; readonly pattern: RegExp };
  /** Folder beside this file with the go.mod and go.sum of the build, and with our own Go where there is some. */
  readonly moduleFolder: string;
  readonly package: string;
  /** The Go variable that the linker sets to the version; without it the program reports a development version. */
  readonly versionVariable?: string;
  readonly replacements: readonly ModuleReplacement[];
  /** What a build lacks compared with the official program, one phrase each, for `gauntlet doctor` and the report. */
  readonly leftOut: readonly string[];
  /** Typical times of the whole set with empty caches on two idle cores. */
  readonly expected: { readonly downloadSeconds: number; readonly compileSeconds: number };
}

const k6: BinaryPin = {
  name: 'k6',
  version: '2.2.0',
  variable: 'GAUNTLET_K6',
  // One on PATH can have the extension too, but of another time.
  executables: [],
  versionArguments: ['version'],
  // It calls itself by the name of its file.
  versionPattern: /^\S+ v(\d+\.\d+\.\d+\S*)/m,
  addition: { name: 'the extension k6/x/gauntlet', pattern: /\bk6\/x\/gauntlet \[js\]/ },
  moduleFolder: 'k6',
  package: 'gauntlet/binaries/k6',
  replacements: [],
  leftOut: [],
  expected: { downloadSeconds: 10, compileSeconds: 110 },
};

const toxiproxy: BinaryPin = {
  name: 'toxiproxy',
  version: '2.12.0',
  variable: 'GAUNTLET_TOXIPROXY',
  executables: ['toxiproxy-server', 'toxiproxy'],
  versionArguments: ['-version'],
  versionPattern: /\bversion (\d+\.\d+\.\d+\S*)/,
  moduleFolder: 'toxiproxy',
  package: 'github.com/Shopify/toxiproxy/v2/cmd/server',
  versionVariable: 'github.com/Shopify/toxiproxy/v2.Version',
  replacements: [],
  leftOut: [],
  // The quickest comes first and compiles Go's own library for the others.
  expected: { downloadSeconds: 5, compileSeconds: 60 },
};

const legoWithoutDns: ModuleReplacement = {
  kind: 'trim',
  module: 'github.com/go-acme/lego/v4',
  drop: ['providers/dns'],
  add: 'lego-dns',
};

// Only the encoder is ever called; the generated parser is the fourth most expensive package of the build.
const lineProtocolWithoutParser: ModuleReplacement = {
  kind: 'trim',
  module: 'github.com/influxdata/line-protocol',
  drop: ['handler.go', 'machine.go', 'parser.go'],
};

const awsClients: readonly ModuleReplacement[] = ['ec2', 'ecs', 'ssm'].map((service) => ({
  kind: 'stub',
  module: `github.com/aws/aws-sdk-go-v2/service/${service}`,
  folder: `aws-${service}`,
}));

const withoutDns = 'ACME DNS-01 challenges (no DNS provider is compiled in)';
const withoutEcs = 'the Amazon ECS provider (its API clients are stubs that fail)';
// Only the placeholder of the dashboard's pages is part of the published Go module.
const withoutDashboard = 'the pages of the dashboard (its API is there)';

function traefik(
  version: TraefikVersion,
  recipe: Pick<BinaryPin, 'replacements' | 'leftOut' | 'expected'>,
): BinaryPin & { readonly version: TraefikVersion } {
  return {
    name: 'traefik',
    version,
    variable: 'GAUNTLET_TRAEFIK',
    executables: ['traefik'],
    versionArguments: ['version'],
    versionPattern: /^Version:\s+v?(\d+\.\d+\.\d+\S*)/m,
    moduleFolder: `traefik-${version}`,
    package: 'github.com/traefik/traefik/v3/cmd/traefik',
    versionVariable: 'github.com/traefik/traefik/v3/pkg/version.Version',
    ...recipe,
  };
}

const traefikPins: Readonly<Record<TraefikVersion, BinaryPin>> = {
  '3.7.5': traefik('3.7.5', {
    replacements: [legoWithoutDns, lineProtocolWithoutParser, ...awsClients],
    leftOut: [withoutDns, withoutEcs, withoutDashboard],
    expected: { downloadSeconds: 40, compileSeconds: 170 },
  }),
  '3.6.12': traefik('3.6.12', {
    replacements: [legoWithoutDns, lineProtocolWithoutParser, ...awsClients],
    leftOut: [withoutDns, withoutEcs, withoutDashboard],
    expected: { downloadSeconds: 40, compileSeconds: 170 },
  }),
  '3.0.4': traefik('3.0.4', {
    replacements: [legoWithoutDns, lineProtocolWithoutParser],
    leftOut: [withoutDns, withoutDashboard],
    expected: { downloadSeconds: 40, compileSeconds: 200 },
  }),
};

/** Every pinned program: k6 and Toxiproxy at one version, Traefik at each version of `traefikVersions`. */
export const pins: {
  readonly k6: BinaryPin;
  readonly toxiproxy: BinaryPin;
  readonly traefik: Readonly<Record<TraefikVersion, BinaryPin>>;
} = { k6, toxiproxy, traefik: traefikPins };
