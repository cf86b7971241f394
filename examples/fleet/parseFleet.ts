import { nearest } from "pulumi-talos-cilium/spec";
import * as z from "zod";

const text = z.string().min(1, "it must not be empty; write it, or remove the key");
const secretKey = z.strictObject({ name: text, key: text });

const fleetSchema = z.strictObject({
  project: text,
  organization: text,
  namespace: text,
  /** Where the program is. It stands in every Stack, in clear. */
  repository: text.refine(
    (url) => !/:\/\/[^/@]*:[^/]*@/.test(url),
    "it holds a password, which every Stack would show; remove it, and name a Secret that holds it in gitToken",
  ),
  /** Secret with a token that may read the repository, where that is not for everybody. */
  gitToken: secretKey.nullish(),
  /** The program's revision: a change of it is a change of every Stack. */
  commit: z
    .string()
    .regex(/^[0-9a-f]{40}$/, "it must have 40 hexadecimal digits; git rev-parse HEAD prints them"),
  /** Branch by environment: these are previewed from it and never updated. */
  underReview: z.record(z.string(), text).nullish(),
  /** Seconds between two looks for drift. */
  driftSeconds: z.int().min(60, "it must be at least 60; each look is a whole run"),
  image: text,
  serviceAccount: text,
  /** Secret and key by environment variable. */
  credentials: z.record(z.string(), secretKey),
});

/** What all Stacks of a fleet share, as in `fleet.yaml`. */
export type Fleet = z.infer<typeof fleetSchema>;

/** A key of a Secret. */
export type SecretKey = z.infer<typeof secretKey>;

/** A fleet, or all problems of its file. */
export interface ParsedFleet {
  readonly fleet?: Fleet;
  /** There also beside problems, where it is sound itself: environments are checked with it. */
  readonly project?: string;
  readonly problems: readonly string[];
}

/** Validates what `fleet.yaml` holds. Pure. */
export function parseFleet(raw: unknown): ParsedFleet {
  const { data: fleet, error } = fleetSchema.safeParse(raw, { error: wording });
  const project = z.object({ project: text }).safeParse(raw).data?.project;
  const problems = (error?.issues ?? []).map(({ path, message }) =>
    ["fleet.yaml:", path.join("."), message].filter(Boolean).join(" "),
  );
  return { fleet, project, problems };
}

/** Words for what happens most; zod has its own for the rest. */
function wording(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === "unrecognized_keys") {
    const { shape } = issue.path?.length ? secretKey : fleetSchema;
    const keys = issue.keys.map((key) => {
      const guess = nearest(key, Object.keys(shape));
      return guess ? `${key} (did you mean ${guess}?)` : key;
    });
    return `there is no key ${keys.join(", ")}; rename or remove it`;
  }
  if (issue.input === undefined) return "it is required and has no default; add it";
  const isText = issue.code === "invalid_type" && issue.expected === "string";
  return isText ? "it must be a text; write it in quotes" : undefined;
}
