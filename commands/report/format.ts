/** Seconds for people: `0.04 s`, `4.2 s`, `24 s`, `312 s`. Pure. */
export function formatSeconds(seconds: number): string {
  if (seconds < 0.095) return `${seconds.toFixed(2)} s`;
  return `${seconds < 9.95 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}

/** Text for HTML and SVG, between tags and in attributes. Pure. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** `1 node`, `2 nodes`. Pure. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
