import type { Readable, Writable } from "node:stream";
import { createInterface } from "node:readline/promises";

import { formatProblems } from "../../components/problems";
import { type Answers, type Machine, endpointAt, parseMachine, problemsOf } from "./answers";

interface Question {
  readonly about: keyof Answers;
  readonly text: string;
  /** What an empty line means; shown with the question. */
  readonly initial: (answers: Answers) => string;
  readonly take: (line: string) => Partial<Answers>;
}

const machines = (list: readonly Machine[]) =>
  list.map(({ hostname, ipAddress }) => `${hostname}=${ipAddress}`).join(" ");
const machinesOf = (line: string) =>
  line
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(parseMachine);

/** In the order in which they are asked: each may lean on those before it. */
export const QUESTIONS: readonly Question[] = [
  {
    about: "clusterName",
    text: "Name of the cluster",
    initial: ({ clusterName }) => clusterName,
    take: (clusterName) => ({ clusterName }),
  },
  {
    about: "controlPlanes",
    text: "Control planes, as name=address, separated by spaces",
    initial: ({ controlPlanes }) => machines(controlPlanes),
    take: (line) => ({ controlPlanes: machinesOf(line) }),
  },
  {
    about: "workers",
    text: "Workers, in the same form; none: ordinary pods run on the control planes",
    initial: ({ workers }) => machines(workers),
    take: (line) => ({ workers: machinesOf(line) }),
  },
  {
    about: "endpoint",
    text: "URL of the Kubernetes API: a control plane, a VIP or a load balancer",
    initial: ({ endpoint, controlPlanes: [first] }) => endpoint ?? endpointAt(first?.ipAddress),
    take: (endpoint) => ({ endpoint }),
  },
  {
    about: "installDisk",
    text: "Disk to install Talos to, on every machine",
    initial: ({ installDisk }) => installDisk ?? "/dev/sda",
    take: (installDisk) => ({ installDisk }),
  },
  {
    about: "talosVersion",
    text: "Talos",
    initial: ({ talosVersion }) => talosVersion,
    take: (talosVersion) => ({ talosVersion }),
  },
  {
    about: "kubernetesVersion",
    text: "Kubernetes",
    initial: ({ kubernetesVersion }) => kubernetesVersion,
    take: (kubernetesVersion) => ({ kubernetesVersion }),
  },
  {
    about: "ciliumVersion",
    text: "Cilium",
    initial: ({ ciliumVersion }) => ciliumVersion,
    take: (ciliumVersion) => ({ ciliumVersion }),
  },
  {
    about: "protect",
    text: "Protect the cluster's keys from deletion (no: a throw-away cluster)",
    initial: ({ protect }) => (protect ? "yes" : "no"),
    take: (line) => ({ protect: !/^n/i.test(line) }),
  },
];

/**
 * Asks for what is not given yet, and again for what the spec refuses, until nothing is wrong.
 *
 * @param given what needs no question as long as it is right
 * @throws Error when the terminal is closed before the last answer
 */
export async function ask(
  initial: Answers,
  given: ReadonlySet<keyof Answers>,
  terminal: { input: Readable; output: Writable },
): Promise<Answers> {
  const lines = createInterface(terminal);
  const closed = new AbortController();
  lines.once("close", () => closed.abort());
  let answers = initial;
  let open = QUESTIONS.filter(({ about }) => !given.has(about));
  try {
    for (;;) {
      for (const { text, initial: initially, take } of open) {
        const shown = initially(answers);
        const prompt = `${text}${shown === "" ? "" : ` [${shown}]`}: `;
        const line = (await lines.question(prompt, { signal: closed.signal })).trim();
        answers = { ...answers, ...take(line || shown) };
      }
      const { problems } = problemsOf(answers);
      if (problems.length === 0) return answers;
      terminal.output.write(`${formatProblems(problems, "That does not hold yet:")}\n`);
      const wrong = new Set(problems.map(({ about }) => about));
      open = QUESTIONS.filter(({ about }) => wrong.has(about));
      if (open.length === 0) throw new Error("the answers do not go together: see above");
    }
  } catch (error) {
    if (closed.signal.aborted) throw new Error("The questions were given up.", { cause: error });
    throw error;
  } finally {
    lines.close();
  }
}
