import { createServer, type IncomingMessage, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import type { LabState } from "./labState";

/** What can be asked of a running lab. `stop` answers after everything has been stopped. */
export type ControlCall = "status" | "mutatingCalls" | "addNodes" | "stop";

/** A lab that took the call and did not answer in time: it is there, on a machine that is busy. */
export class LabBusy extends Error {}

/**
 * Serves the calls on a loopback port, for whoever has the token.
 *
 * @returns the server, listening
 */
export async function serveControl(
  token: string,
  answer: (call: ControlCall, input: unknown) => Promise<unknown>,
): Promise<{ server: Server; port: number }> {
  const server = createServer((incoming, response) => {
    const call = incoming.url?.slice(1) as ControlCall;
    if (incoming.headers.authorization !== `Bearer ${token}`) {
      response.writeHead(401).end();
      return;
    }
    bodyOf(incoming)
      .then((input) => answer(call, input))
      .then(
        (result) => response.end(JSON.stringify(result ?? null)),
        (error: Error) => response.writeHead(500).end(error.message),
      );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return { server, port: (server.address() as AddressInfo).port };
}

/**
 * Asks a running lab.
 *
 * @param options.timeout milliseconds
 * @param options.input what the call takes
 * @throws Error when nobody answers, or not the lab that wrote the state
 */
export function askLab<T>(
  state: LabState,
  call: ControlCall,
  { timeout = 5_000, input }: { timeout?: number; input?: unknown } = {},
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const outgoing = request(
      {
        host: "127.0.0.1",
        port: state.controlPort,
        path: `/${call}`,
        method: "POST",
        timeout,
        // A kept connection may have been closed by the lab while this process was busy.
        agent: false,
        headers: { authorization: `Bearer ${state.token}` },
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        response.on("end", () => {
          if (response.statusCode === 200) resolve(JSON.parse(text) as T);
          else reject(new Error(`the lab answered ${call} with: ${text}`));
        });
      },
    );
    outgoing.on("timeout", () => outgoing.destroy(new LabBusy("the lab does not answer")));
    outgoing.on("error", reject);
    outgoing.end(JSON.stringify(input ?? null));
  });
}

async function bodyOf(incoming: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of incoming.setEncoding("utf8")) text += String(chunk);
  return JSON.parse(text);
}
