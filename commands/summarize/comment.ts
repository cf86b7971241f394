import type { Block } from "./block";
import { fitBlocks } from "./block";
import type { Change, ChangeKind } from "./changes";
import { changesOf } from "./changes";
import { diffTrees } from "./configDiff";
import { firedRules } from "./firedRules";
import { impactLines } from "./impact";
import { code, count } from "./markdown";
import { groupNodes } from "./nodeGroups";
import { nodeChanges } from "./nodes";
import type { Preview } from "./preview";
import { stackOf } from "./preview";
import { redactionFor } from "./redaction";
import * as sections from "./sections";
import { unknownInputs } from "./unknowns";
import { generatedChanges, versionChanges } from "./versions";

/** Characters that a comment on GitHub holds; GitLab's hold 1,000,000. */
export const GITHUB_LIMIT = 65_536;

export interface CommentOptions {
  /** `<project>/<stack>`. @default what the preview says */
  readonly stack?: string;
  /** Characters that the forge takes. @default 65536 */
  readonly limit?: number;
}

/** The first line of every comment about a stack, by which it is found again; it is not displayed. */
export function marker(stack: string): string {
  return `<!-- talos-cilium preview of ${stack.replace(/[^\w./-]/g, "_").replace(/-{2,}/g, "-")} -->`;
}

/** A preview as one Markdown comment, without secrets and never longer than the limit. Pure. */
export function comment(preview: Preview, options: CommentOptions = {}): string {
  const stack = options.stack ?? stackOf(preview) ?? "unknown";
  const redaction = redactionFor(preview);
  const changes = changesOf(preview);
  const versions = versionChanges(preview, changes);
  const nodes = nodeChanges(changes, redaction, generatedChanges(preview, versions));
  const { rules, others } = firedRules(preview.diagnostics);
  const failed = preview.diagnostics.some(({ severity }) => severity === "error");
  const head = [title(stack, changes, failed), counts(preview, changes, failed)];
  const blocks: (Block | undefined)[] = [
    sections.impact(impactLines(changes, nodes), !failed && changes.some(isNotNew)),
    sections.messages(others, "error", redaction),
    sections.rules(rules, redaction),
    sections.versions(versions),
    sections.messages(others, "warning", redaction),
    ...sections.nodes(groupNodes(nodes), redaction.inClear),
    ...releases(changes).map(({ name, old, new: after }) =>
      sections.chartValues(
        name,
        diffTrees(old?.inputs?.["values"], after?.inputs?.["values"], redaction),
      ),
    ),
    sections.resources(changes),
    sections.unknowns(unknownInputs(changes)),
  ];
  // Redacted before it is measured: what stands in place of a secret may be longer.
  const clean = (text: string) => redaction.text(text);
  return fitBlocks(
    [marker(stack), ...head.map(clean)].join("\n\n"),
    blocks
      .filter((block) => block !== undefined)
      .map((block) => ({ ...block, text: clean(block.text) })),
    options.limit ?? GITHUB_LIMIT,
    `${code(`pulumi preview --diff --stack ${stack.split("/").at(-1)}`)} shows it.`,
  );
}

/** From the first line on that may be JSON. */
const JSON_PART = /^\s*[[\]{}"][^]*/m;

/**
 * The comment about a preview that cannot be read: what the CLI said before any JSON, or the reason. Of
 * JSON that cannot be read nobody can tell which parts are secret. Pure.
 */
export function failureComment(stack: string, output: string, reason: string): string {
  const said = output.replace(/^\uFEFF/, "").replace(JSON_PART, "");
  const message = { message: said.trim() || reason, severity: "error" };
  return comment({ config: {}, steps: [], diagnostics: [message] }, { stack });
}

function title(stack: string, changes: readonly Change[], failed: boolean): string {
  const verdict = failed
    ? "it **failed**"
    : changes.length === 0
      ? "nothing changes"
      : count(changes.length, "change");
  return `### Preview of ${code(stack)}: ${verdict}`;
}

const KINDS: readonly ChangeKind[] = ["created", "imported", "changed", "replaced", "deleted"];

function counts(preview: Preview, changes: readonly Change[], failed: boolean): string {
  const parts = KINDS.map((kind) => [kind, changes.filter((each) => each.kind === kind).length])
    .filter(([kind, number]) => kind !== "imported" || number !== 0)
    .map(([kind, number]) => `${number} ${kind}`);
  const same = preview.changeSummary?.["same"] ?? 0;
  const unchanged = same > 0 ? ` · ${same} unchanged` : "";
  return `${failed ? "Seen until then: " : ""}${parts.join(" · ")}${unchanged}`;
}

function isNotNew({ kind }: Change): boolean {
  return kind !== "created" && kind !== "imported";
}

function releases(changes: readonly Change[]): Change[] {
  return changes.filter(
    (change) => change.type === "kubernetes:helm.sh/v3:Release" && isNotNew(change),
  );
}
