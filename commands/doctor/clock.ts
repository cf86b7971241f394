import { type Finding, findingsOf } from "./finding";

/** What was seen of a machine's clock. Milliseconds since 1970. */
export interface ClockFacts {
  /** The machine's clock, a time server's, and this computer's in the middle of the call. */
  readonly times?: { readonly machine: number; readonly server: number; readonly here: number };
  /** Validity of its certificate, which it made by its own clock, and when that was read here. */
  readonly certificate?: { readonly from: number; readonly to: number; readonly here: number };
}

const { ok, warn, fail } = findingsOf("clocks");

/** A difference that one call cannot tell from the way there and back. */
const UNCERTAIN_S = 5;
/** Certificates that are made here are then not valid there, or the other way round. */
const TOO_FAR_S = 60;

/** Whether a machine's clock and this computer's agree. Pure. */
export function clockFinding(subject: string, { times, certificate }: ClockFacts): Finding {
  if (times) {
    const apart = (times.machine - times.here) / 1000;
    const isOurs = Math.abs(times.machine - times.server) < Math.abs(times.here - times.server);
    return judged(subject, apart, "", isOurs ? "this computer's" : "the machine's");
  }
  if (!certificate) return warn(subject, "nothing is known of its clock", UNKNOWN);
  const { from, to, here } = certificate;
  const apart = (here < from ? from - here : here > to ? to - here : 0) / 1000;
  if (apart !== 0) return judged(subject, apart, "at least ", "the one that is wrong");
  return ok(subject, "its certificate is valid at this computer's time; no more is known");
}

const UNKNOWN = "make the machine reachable, then run this again";

function judged(subject: string, apart: number, atLeast: string, whose: string): Finding {
  const seconds = Math.round(Math.abs(apart));
  const message = `${atLeast}${seconds} s ${apart < 0 ? "behind" : "ahead of"} this computer`;
  if (seconds < UNCERTAIN_S) return ok(subject, "agrees with this computer's");
  const fix = `set ${whose} clock right, and let it follow a time server`;
  return seconds < TOO_FAR_S
    ? warn(subject, message, fix)
    : fail(subject, `${message}: certificates are not valid on both`, fix);
}
