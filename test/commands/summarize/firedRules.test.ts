import assert from "node:assert/strict";

import { firedRules } from "../../../commands/summarize/firedRules";
import { formatProblems } from "../../../components/problems";
import { formatSilenced } from "../../../components/silencing";

const problem = (id: string, got?: unknown) => ({
  id,
  propertyPath: "nodes[0].ipAddress",
  ...(got !== undefined && { got }),
  reason: "why",
  fix: "how [x]",
});

describe("firedRules", () => {
  it("finds what the components wrote, warnings and errors, each once", () => {
    const warning = formatProblems([problem("a-b")], "Warnings");
    const error = `error: ${formatProblems([problem("c", "x"), problem("d")])}\n`;
    const { rules, others } = firedRules([
      { severity: "warning", message: `warning: ${warning}` },
      { severity: "warning", message: warning },
      { severity: "error", message: error },
    ]);
    const found = { propertyPath: "nodes[0].ipAddress", reason: "why", fix: "how [x]" };
    assert.deepEqual(rules, [
      { id: "c", severity: "error", ...found },
      { id: "d", severity: "error", ...found },
      { id: "a-b", severity: "warning", ...found },
    ]);
    assert.deepEqual(others, []);
  });

  it("finds what a hook refused in the preview", () => {
    const said = `error: Preview failed: before hook "x-judge-update" failed: ${formatProblems([problem("a-b")])}`;
    const { rules, others } = firedRules([{ severity: "error", message: `${said}\n` }]);
    assert.equal(rules.length, 1);
    assert.deepEqual(others, []);
  });

  it("tells a rule that is silenced from one that is heard", () => {
    const message = formatSilenced(["a-b"], [problem("a-b")]);
    const { rules, others } = firedRules([{ severity: "info", message: `${message}\n` }]);
    assert.deepEqual(
      rules.map(({ id, severity }) => ({ id, severity })),
      [{ id: "a-b", severity: "silenced" }],
    );
    assert.deepEqual(others, []);
  });

  it("keeps what else was said, and passes over what is only information", () => {
    const { rules, others } = firedRules([
      { severity: "info", message: "hello" },
      { severity: "error", message: "error: no route to host\n" },
      { severity: "error", message: "error: no route to host" },
      { severity: "error", message: `${formatProblems([problem("a")])}\nand more` },
    ]);
    assert.equal(rules.length, 1);
    assert.deepEqual(others, [
      { severity: "error", text: "error: no route to host" },
      { severity: "error", text: "and more" },
    ]);
  });
});
