import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { WireMethod, WireRequest } from "./providerWire";
import { sharedData } from "./sharedData";

/** One call of a recording: what the engine asked and what the real provider answered. */
export interface RecordedCall {
  /** The file's name, without folder and ending. */
  recording: string;
  method: WireMethod;
  request: WireRequest;
  response?: Record<string, unknown>;
  errors?: string[];
}

interface Line {
  method: string;
  request: WireRequest;
  response?: Record<string, unknown> | null;
  errors?: string[];
  metadata?: { kind?: string; name?: string };
}

/** Every finished call to a provider in the gRPC recordings of the given folders. */
export function recordedCalls(provider: string, folders: readonly string[]): RecordedCall[] {
  return folders.flatMap((folder) => {
    const files = readdirSync(sharedData(...folder.split("/"))).filter((name) =>
      name.endsWith(".jsonl"),
    );
    return files.flatMap((file) =>
      callsIn(provider, path.join(sharedData(...folder.split("/")), file)),
    );
  });
}

function callsIn(provider: string, file: string): RecordedCall[] {
  const lines = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "");
  return lines
    .map((line) => JSON.parse(line) as Line)
    .filter(({ metadata }) => metadata?.kind === "resource" && metadata.name === provider)
    .filter(({ response, errors }) => response || errors?.length)
    .map(({ method, request, response, errors }) => ({
      recording: path.basename(file, ".jsonl"),
      method: (method.split("/").at(-1) ?? "") as WireMethod,
      request,
      ...(response ? { response } : {}),
      ...(errors ? { errors } : {}),
    }));
}
