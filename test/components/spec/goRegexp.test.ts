import assert from "node:assert/strict";

import { goRegexpFault } from "../../../components/spec/goRegexp";

/** What `regexp.Compile` of Go 1.26 said of each; nothing here asks Go itself. */
const TAKEN = [
  ...["", "a|", "()", "(|a)*", "^*", "a+?", "{", "a{,5}", "x{1000}", "(?)a"],
  ...["(?i)a", "a(?i)*", "(?i:a)", "(?-s:.)", "(?P<n>a)", "(?<n>a)"],
  ...["[]a]+", "[^]a]", "[a-]", "[-a]", "[[:alpha:]-z]", "[\\d-z]", "[é-ü]"],
  ...["\\z", "\\A", "\\Qa[b", "\\Qa\\E*", "\\x{10FFFF}", "\\x41", "\\12", "\\_", "\\/"],
  ...["\\pL", "\\p{Greek}", "\\P{^Lu}", "[[:^space:]]"],
];

const REFUSED = [
  ...["*a", "|*", "a**", "x{2}{3}", "x{1001}", "x{3,1}", "(?i)*"],
  ...["(a", "a)", "(?=a)", "(?<!a)", "(?P=n)", "(?i-)", "(?x)"],
  ...["[a", "[z-a]", "[a-\\d]", "[[:letter:]]", "[\\b]", "[\\Qa]"],
  ...["\\", "\\1", "\\8", "\\Z", "\\C", "\\é", "\\x4", "\\x{110000}", "\\p{Klingon}"],
];

describe("goRegexpFault (that agents compile it, not what it matches)", () => {
  for (const text of TAKEN) {
    it(`takes ${JSON.stringify(text)}`, () => assert.equal(goRegexpFault(text), undefined));
  }
  for (const text of REFUSED) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.notEqual(goRegexpFault(text), undefined));
  }
});
