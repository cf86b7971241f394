import { type IpRange, overlap, parseAddress, parseCidr } from "../../cidr";
import { propertyPath } from "../../propertyPath";
import type { CiliumSpec } from "../../schema";
import type { Finding } from "../rule";
import type { CiliumRule } from "./ciliumRule";

/** Pools of addresses for Services. */
export const lbIPAMRules: readonly CiliumRule[] = [
  { id: "pool-block", check: poolBlock },
  { id: "pool-empty", check: poolEmpty },
  { id: "overlapping-pools", check: overlappingPools },
  { id: "lb-ipam-off", check: lbIPAMOff },
];

interface Block {
  readonly cidr?: string;
  readonly start?: string;
  readonly stop?: string;
}

function* poolBlock({ lbIPAM }: CiliumSpec): Iterable<Finding> {
  for (const [name, pool] of Object.entries(lbIPAM?.pools ?? {})) {
    for (const [index, block] of pool.blocks.entries()) {
      const fault = blockFault(block);
      if (fault) yield { propertyPath: at(name, "blocks", index), got: block, ...fault };
    }
  }
}

function* poolEmpty({ lbIPAM }: CiliumSpec): Iterable<Finding> {
  for (const [name, pool] of Object.entries(lbIPAM?.pools ?? {})) {
    if (pool.blocks.length > 0) continue;
    yield {
      propertyPath: at(name, "blocks"),
      got: [],
      reason: "a pool without addresses gives none out",
      fix: "add a network such as cidr: 10.5.0.128/26, or remove the pool",
    };
  }
}

// Of two pools that overlap Cilium takes the newer one out of use, whichever that is.
function* overlappingPools({ lbIPAM }: CiliumSpec): Iterable<Finding> {
  const all = Object.entries(lbIPAM?.pools ?? {}).flatMap(([name, { blocks }]) =>
    blocks.flatMap((block, index) => {
      const range = rangeOf(block);
      return range ? [{ range, path: at(name, "blocks", index), got: block }] : [];
    }),
  );
  for (const [index, one] of all.entries()) {
    const other = all.slice(0, index).find(({ range }) => overlap(range, one.range));
    if (!other) continue;
    yield {
      propertyPath: one.path,
      got: one.got,
      reason: `it shares addresses with ${other.path}, and Cilium gives nothing out of the newer pool of both`,
      fix: "choose blocks that have no address in common",
    };
  }
}

function* lbIPAMOff({ lbIPAM, values }: CiliumSpec): Iterable<Finding> {
  if (values["enableLBIPAM"] !== false || Object.keys(lbIPAM?.pools ?? {}).length === 0) return;
  yield {
    propertyPath: "cilium.values.enableLBIPAM",
    got: false,
    reason: "without it nobody takes addresses from cilium.lbIPAM.pools",
    fix: "remove it, or remove the pools",
  };
}

function blockFault(block: Block): Pick<Finding, "reason" | "fix"> | undefined {
  const { cidr, start, stop } = block;
  if (
    (cidr === undefined) === (start === undefined) ||
    (cidr !== undefined && stop !== undefined)
  ) {
    return {
      reason: "a block is either a network or a range",
      fix: "write cidr alone, or start and stop",
    };
  }
  if (cidr !== undefined) {
    return parseCidr(cidr)
      ? undefined
      : {
          reason: "cidr is no network in CIDR notation",
          fix: parseAddress(cidr) ? `write start: ${cidr}` : "write for example 10.5.0.128/26",
        };
  }
  return rangeOf(block)
    ? undefined
    : {
        reason: "start and stop are no two addresses of one IP family, the lower one first",
        fix: "write for example start: 10.5.0.200 and stop: 10.5.0.220",
      };
}

/** The addresses of a block, or undefined where it is none. */
export function rangeOf({ cidr, start, stop }: Block): IpRange | undefined {
  if (cidr !== undefined) return parseCidr(cidr);
  const first = parseAddress(start ?? "");
  const last = parseAddress(stop ?? start ?? "");
  if (!first || !last || first.family !== last.family || first.first > last.last) return undefined;
  return { ...first, last: last.last, text: `${first.text}-${last.text}` };
}

function at(...path: readonly (string | number)[]): string {
  return propertyPath(["cilium", "lbIPAM", "pools", ...path]);
}
