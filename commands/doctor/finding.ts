import { visible } from "../../components/problems";

/** One thing that the doctor looked at. */
export interface Finding {
  readonly level: "ok" | "warn" | "fail";
  /** What it belongs to, such as `tools` or `machines`. */
  readonly group: string;
  readonly subject: string;
  readonly message: string;
  /** What to do; absent only where nothing is wrong. */
  readonly fix?: string;
}

/** Makes the findings of one group. */
export function findingsOf(group: string) {
  return {
    ok: (subject: string, message: string): Finding => ({ level: "ok", group, subject, message }),
    warn: (subject: string, message: string, fix: string): Finding => ({
      level: "warn",
      group,
      subject,
      message,
      fix,
    }),
    fail: (subject: string, message: string, fix: string): Finding => ({
      level: "fail",
      group,
      subject,
      message,
      fix,
    }),
  };
}

/** The findings as lines, grouped, with what to do below each that is not ok. Pure. */
export function formatFindings(findings: readonly Finding[]): string {
  const width = Math.max(0, ...findings.map(({ subject }) => subject.length));
  const groups = [...new Set(findings.map(({ group }) => group))];
  const lines = groups.flatMap((group) => [
    `${group}`,
    ...findings
      .filter((finding) => finding.group === group)
      .flatMap(({ level, subject, message, fix }) => [
        `  ${level.padEnd(4)}  ${subject.padEnd(width)}  ${message}`,
        ...(fix ? [`        → ${fix}`] : []),
      ]),
  ]);
  const count = (level: Finding["level"]) =>
    findings.filter((finding) => finding.level === level).length;
  const counts = `${count("ok")} ok, ${count("warn")} warn, ${count("fail")} fail`;
  return visible([...lines, "", counts].join("\n"));
}
