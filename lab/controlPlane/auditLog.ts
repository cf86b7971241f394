import { readFile } from "node:fs/promises";

/** A request that changed something, as the API server's audit log has it. */
export interface MutatingRequest {
  /** RFC 3339 with microseconds. */
  at: string;
  verb: string;
  user: string;
  userAgent: string;
  /** Path without the host. */
  requestURI: string;
  /** HTTP status of the answer. */
  status: number;
}

interface AuditEvent {
  stage: string;
  stageTimestamp: string;
  requestReceivedTimestamp: string;
  verb: string;
  requestURI: string;
  user?: { username?: string };
  userAgent?: string;
  responseStatus?: { code?: number };
}

/** Users of the lab and of Kubernetes itself; everybody else works from outside. */
const OWN_USERS = /^(?:system:|lab:|talos:)/;

/** All recorded requests at or after `since`; an unfinished last line is left for the next reading. */
export function parseAuditLog(text: string, since?: Date): MutatingRequest[] {
  return text.split("\n").flatMap((line) => {
    let event: AuditEvent;
    try {
      event = JSON.parse(line) as AuditEvent;
    } catch {
      return [];
    }
    if (event.stage !== "ResponseComplete" || isBefore(event.requestReceivedTimestamp, since)) {
      return [];
    }
    return [
      {
        at: event.requestReceivedTimestamp,
        verb: event.verb,
        user: event.user?.username ?? "",
        userAgent: event.userAgent ?? "",
        requestURI: event.requestURI,
        status: event.responseStatus?.code ?? 0,
      },
    ];
  });
}

/**
 * Whether somebody outside the lab and Kubernetes made this request, and it could change something:
 * dry runs and questions about one's own rights are POSTs that change nothing.
 */
export function isFromOutside({ user, requestURI }: MutatingRequest): boolean {
  return (
    !OWN_USERS.test(user) &&
    !/[?&]dryRun=All/.test(requestURI) &&
    !/\/(?:selfsubject\w+|subjectaccess|localsubjectaccess|token)reviews(?:[/?]|$)/.test(requestURI)
  );
}

/** Reads an audit log; empty when there is none yet. */
export async function readAuditLog(file: string, since?: Date): Promise<MutatingRequest[]> {
  try {
    return parseAuditLog(await readFile(file, "utf8"), since);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return [];
    }
    throw error;
  }
}

function isBefore(timestamp: string, since: Date | undefined): boolean {
  return since !== undefined && new Date(timestamp).getTime() < since.getTime();
}
