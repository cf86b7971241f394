import assert from "node:assert/strict";
import { aliasCommands, bindProblem } from "../../../lab/nodes/loopback";

describe("ports that cannot be opened (that macOS answers EADDRNOTAVAIL is not tried here)", () => {
  const fail = (code: string) => Object.assign(new Error(`listen ${code}`), { code });
  const at = { address: "127.0.0.3", port: 50000 };

  it("prints the alias command of every address where one is missing", () => {
    const addresses = ["127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.3"];
    const { message } = bindProblem(fail("EADDRNOTAVAIL"), at, addresses);
    assert.match(message, /^127\.0\.0\.3:50000 cannot be opened/);
    assert.deepEqual(message.split("\n").slice(1), [
      "  sudo ifconfig lo0 alias 127.0.0.2",
      "  sudo ifconfig lo0 alias 127.0.0.3",
    ]);
  });

  it("needs no command for the address that is always there", () => {
    assert.deepEqual(aliasCommands(["127.0.0.1", "::1"]), []);
  });

  it("names a port that is in use, and keeps other causes", () => {
    assert.match(bindProblem(fail("EADDRINUSE"), at).message, /^127\.0\.0\.3:50000 is in use/);
    assert.match(bindProblem(fail("EMFILE"), at).message, /listen EMFILE/);
  });
});
