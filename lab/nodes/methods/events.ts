import type { EventsRequest } from "../../../talosApi";
import { READERS } from "../roles";
import { stream } from "../rpc";

export const events = stream<EventsRequest>({
  service: "machine",
  rpc: "Events",
  roles: READERS,
  async stream(node, request, caller, send) {
    // The empty event tells the client that it is heard from now on.
    send({});
    const wanted = ({ actorId }: { actorId: string }) =>
      request.withActorId === "" || request.withActorId === actorId;
    for (const event of node.events.tail(request).filter(wanted)) {
      send(event);
    }
    const unsubscribe = node.events.subscribe((event) => {
      if (wanted(event)) {
        send(event);
      }
    });
    await new Promise((resolve) => caller.signal.addEventListener("abort", resolve));
    unsubscribe();
  },
});
