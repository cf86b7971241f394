import { count } from "./markdown";

/** A part of the comment. */
export interface Block {
  readonly text: string;
  /** What is missing without it, as `the rules`; counted where there are several of a kind. */
  readonly what: string;
  /** How many machines it is about: such blocks get what room the others leave. @default it is none */
  readonly machines?: number;
}

/** Characters that are kept free for the line that says what was left out. */
const RESERVE = 600;

/**
 * Puts together as many blocks as the limit allows, and says what was left out. Those that are not
 * about machines come first when room is given out, and each keeps its place. Counted in bytes, of
 * which no forge takes fewer than characters. Pure.
 *
 * @param head stands first, whatever the limit
 * @param advice where what was left out can be seen
 */
export function fitBlocks(
  head: string,
  blocks: readonly Block[],
  limit: number,
  advice: string,
): string {
  let room = limit - RESERVE - Buffer.byteLength(head);
  const kept = new Set<Block>();
  const isBulk = (block: Block) => block.machines !== undefined;
  for (const block of [...blocks.filter((each) => !isBulk(each)), ...blocks.filter(isBulk)]) {
    const length = Buffer.byteLength(block.text) + 2;
    if (length > room) continue;
    room -= length;
    kept.add(block);
  }
  const left = blocks.filter((block) => !kept.has(block));
  return `${[
    head,
    ...blocks.filter((block) => kept.has(block)).map(({ text }) => text),
    ...(left.length > 0 ? [leftOut(left, limit, advice)] : []),
  ].join("\n\n")}\n`;
}

function leftOut(left: readonly Block[], limit: number, advice: string): string {
  const machines = new Map<string, number>();
  for (const { what, machines: number = 0 } of left) {
    machines.set(what, (machines.get(what) ?? 0) + number);
  }
  const parts = [...machines].map(([what, number]) =>
    number === 0 ? what : `${what} of ${count(number, "node")}`,
  );
  return `**Left out**, because a comment holds ${limit} characters at most: ${parts.join(", ")}. ${advice}`;
}
