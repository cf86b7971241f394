import type { ApiClient } from "./apiClient";
import { apiVersionOf, gvkText, type GroupVersionKind } from "./kinds";
import { isRecord } from "./plain";

/** How the API server serves one kind. */
export interface ServedKind {
  resource: string;
  namespaced: boolean;
}

/** The API server does not know the kind; mostly a custom resource without its definition. */
export class NoMatchError extends Error {
  constructor(gvk: GroupVersionKind) {
    super(`no matches for kind "${gvk.kind}" in version "${apiVersionOf(gvk)}"`);
  }
}

const aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/** What the API server serves, read once and again after `reset`. */
export class Discovery {
  private served: Promise<Map<string, ServedKind>> | undefined;
  private fresh = false;

  constructor(private readonly client: ApiClient) {}

  /** Forgets everything, after a definition was made or removed. */
  reset(): void {
    this.served = undefined;
  }

  /** @throws NoMatchError where the kind is not served, also after asking again */
  async find(gvk: GroupVersionKind): Promise<ServedKind> {
    const known = (await this.load()).get(gvkText(gvk));
    if (known) return known;
    if (!this.fresh) {
      this.reset();
      const found = (await this.load()).get(gvkText(gvk));
      if (found) return found;
    }
    this.fresh = false;
    throw new NoMatchError(gvk);
  }

  private load(): Promise<Map<string, ServedKind>> {
    this.fresh = !this.served;
    if (!this.served) {
      this.served = this.read();
      this.served.catch(() => this.reset());
    }
    return this.served;
  }

  private async read(): Promise<Map<string, ServedKind>> {
    const kinds = new Map<string, ServedKind>();
    const lists = await Promise.all(
      ["/api", "/apis"].map((path) => this.client.request("GET", path, { accept: aggregated })),
    );
    for (const list of lists) {
      for (const group of items(list, "items")) {
        const name = isRecord(group.metadata) ? String(group.metadata.name ?? "") : "";
        for (const version of items(group, "versions")) {
          for (const resource of items(version, "resources")) {
            addKind(kinds, name, String(version.version), resource);
          }
        }
      }
    }
    return kinds;
  }
}

function addKind(
  kinds: Map<string, ServedKind>,
  group: string,
  version: string,
  resource: Record<string, unknown>,
): void {
  const kind = isRecord(resource.responseKind) ? String(resource.responseKind.kind) : "";
  kinds.set(gvkText({ group, version, kind }), {
    resource: String(resource.resource),
    namespaced: resource.scope === "Namespaced",
  });
}

function items(value: unknown, key: string): Record<string, unknown>[] {
  const list = isRecord(value) ? value[key] : undefined;
  return Array.isArray(list) ? list.filter(isRecord) : [];
}
