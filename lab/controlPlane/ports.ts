import { createServer } from "node:net";
import { bindProblem } from "../nodes/loopback";

/** Rejects with a sentence that names the first `address:port` that another process holds. */
export async function assertPortsFree(
  places: readonly { address: string; port: number }[],
): Promise<void> {
  for (const place of places) {
    await new Promise<void>((resolve, reject) => {
      const server = createServer();
      server.once("error", (error) => reject(bindProblem(error, place)));
      server.listen({ host: place.address, port: place.port, exclusive: true }, () =>
        server.close(() => resolve()),
      );
    });
  }
}
