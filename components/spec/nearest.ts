/** The known word that is most like an unknown one, or undefined when none is like it. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const simple = simplified(word);
  let best: string | undefined;
  // What has no letter in common is not like it.
  let bestDistance = Math.min(Math.max(2, Math.floor(simple.length / 4) + 1), simple.length);
  for (const candidate of known) {
    const distance = editDistance(simple, simplified(candidate));
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best ?? longerForm(simple, known);
}

/** The one word that begins with what was written, or else the one that has it in it: `bgp`, `firewall`. */
function longerForm(simple: string, known: readonly string[]): string | undefined {
  if (simple.length < 2) return undefined;
  const holding = known.filter((candidate) => simplified(candidate).includes(simple));
  const beginning = holding.filter((candidate) => simplified(candidate).startsWith(simple));
  return [beginning, holding].find(({ length }) => length === 1)?.[0];
}

/** Case and separators are what people get wrong most, so they count for nothing. */
function simplified(word: string): string {
  return word.toLowerCase().replace(/[-_.]/g, "");
}

/** Insertions, deletions, substitutions and swaps of neighbours that lead from one to the other. */
function editDistance(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const differs = from[i - 1] === to[j - 1] ? 0 : 1;
      row[j] = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + differs);
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) {
        row[j] = Math.min(row[j]!, rows[i - 2]![j - 2]! + 1);
      }
    }
    rows.push(row);
  }
  return rows[from.length]![to.length]!;
}
