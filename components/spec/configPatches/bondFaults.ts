import { at, listAt, textAt } from "./machineDocuments";
import { wordsOf } from "./talosTypes";

const WORDS: Readonly<Record<string, string>> = {
  mode: "BondMode",
  xmitHashPolicy: "BondXmitHashPolicy",
  lacpRate: "LACPRate",
  arpValidate: "ARPValidate",
  arpAllTargets: "ARPAllTargets",
  primaryReselect: "PrimaryReselect",
  failOverMac: "FailOverMAC",
  adSelect: "ADSelect",
};
const LACP = ["802.3ad"];
const BALANCED = ["balance-tlb", "balance-alb"];

/** The modes in which machines take a field with a value. */
const ONLY_IN: Readonly<Record<string, readonly string[]>> = {
  lacpRate: LACP,
  adActorSysPrio: LACP,
  adUserPortKey: LACP,
  tlbDynamicLb: BALANCED,
  primary: ["active-backup", ...BALANCED],
  arpValidate: ["balance-rr", "active-backup", "balance-xor", "broadcast"],
  arpInterval: ["balance-rr", "active-backup", "balance-xor", "broadcast"],
};

/** Why machines refuse a `bond` of `machine.network.interfaces`: its field and the reason. */
export function* bondFaults(bond: unknown): Iterable<readonly [field: string, reason: string]> {
  for (const [field, name] of Object.entries(WORDS)) {
    const words = wordsOf(`nethelpers.${name}`) ?? [];
    const text = textAt(bond, field);
    if (text !== "" && !words.includes(text)) yield [field, `it is one of ${words.join(", ")}`];
  }
  const mode = textAt(bond, "mode") || "balance-rr";
  for (const [field, modes] of Object.entries(ONLY_IN)) {
    if (["", "0"].includes(textAt(bond, field)) || modes.includes(mode)) continue;
    yield [field, `mode ${mode} has none`];
  }
  if (Number(at(bond, "packetsPerSlave") ?? 0) > 1 && mode !== "balance-rr") {
    yield ["packetsPerSlave", `mode ${mode} has none`];
  }
  const interval = Number(at(bond, "miimon") ?? 0);
  for (const field of ["updelay", "downdelay"]) {
    const delay = Number(at(bond, field) ?? 0);
    if (interval === 0 ? delay !== 0 : delay % interval !== 0) {
      yield [field, "it is a multiple of miimon"];
    }
  }
  if (listAt(bond, "arpIPTarget").length > 0) yield ["arpIPTarget", "Talos does not support it"];
  if (textAt(bond, "adActorSystem") !== "") yield ["adActorSystem", "Talos does not support it"];
}
