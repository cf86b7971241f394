const SIZE = /^([\d.,]*)(.*)$/s;
const POWERS = "kmgtpe";
const UNIT = /^(?:([kmgtpe])(i?)b?|b?)$/;
const LARGEST = 2 ** 64;

/** Bytes of a text such as `10GB`, `1.5 GiB` or `500`; undefined where Talos reads none. */
export function parseByteSize(text: string): number | undefined {
  const [, digits = "", rest = ""] = SIZE.exec(text) ?? [];
  const number = digits.replaceAll(",", "");
  const unit = UNIT.exec(rest.trim().toLowerCase());
  if (!unit || !/^(\d+\.?\d*|\.\d+)$/.test(number)) return undefined;
  const power = unit[1] === undefined ? 0 : POWERS.indexOf(unit[1]) + 1;
  const bytes = Number(number) * (unit[2] ? 1024 : 1000) ** power;
  return bytes < LARGEST ? Math.floor(bytes) : undefined;
}
