import { type ServedAPI, serveAPI } from "./servedAPI";

/** Something that answers as an API server would, with what a test gives it. */
export interface AnsweringAPI extends ServedAPI {
  /** By path, for instance `/api/v1/nodes`; all else is not there. A deletion takes it away. */
  readonly objects: Map<string, object>;
  /** Paths of what was deleted, query included, the first one first. */
  readonly deleted: string[];
}

/** Listens on a loopback address; it knows no kind and checks nothing. */
export async function answeringAPI(): Promise<AnsweringAPI> {
  const objects = new Map<string, object>();
  const deleted: string[] = [];
  const served = await serveAPI(({ method, url = "" }, response) => {
    const [path = ""] = url.split("?");
    const found = objects.get(path);
    if (method === "DELETE" && objects.delete(path)) deleted.push(url);
    response.writeHead(found ? 200 : 404).end(JSON.stringify(found ?? {}));
  });
  return { ...served, objects, deleted };
}
