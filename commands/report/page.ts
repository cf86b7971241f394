import { counted, escaped, formatSeconds } from "./format";
import type { ReportBar } from "./lanes";
import type { Report, TopologyNode } from "./report";
import { PAGE_STYLE } from "./style";
import { budgetText, timelineSvg } from "./timelineSvg";

/** So many resources are named among the slowest. */
const SLOWEST = 8;

const SOURCES: Readonly<Record<Report["run"]["source"], string>> = {
  events: "Bars are what Pulumi's engine reported during this run.",
  state:
    "This run changed nothing or was not watched, so the bars are read from the state: each ends when its resource was there, and begins when the last thing it waited for was.",
};

const RESULTS: Readonly<Record<Report["run"]["result"], string>> = {
  succeeded: "up",
  failed: "failed",
  unfinished: "not finished",
};

/** The whole report as one HTML page that loads nothing and runs no script. Pure. */
export function reportPage(report: Report): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${escaped(`${report.clusterName}: bootstrap report`)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
${header(report)}
${tiles(report)}
<section>
<h2>Timeline</h2>
${timelineSvg(report, "wide")}
${timelineSvg(report, "narrow")}
${legend()}
</section>
<section>
<h2>Where the time went</h2>
<div class="columns">${phases(report)}${slowest(report)}</div>
</section>
<section>
<h2>Topology</h2>
${topology(report)}
</section>
<section>
<h2>Versions and rules</h2>
<div class="columns">${table(Object.entries(report.versions))}${findings(report)}</div>
</section>
<footer class="soft"><p>${SOURCES[report.run.source]} Times are seconds since ${escaped(report.run.begun)}.</p></footer>
</main>
</body>
</html>
`;
}

function header({ clusterName, stack, run }: Report): string {
  return `<header><h1>${escaped(clusterName)}</h1> <span class="badge ${run.result}">${RESULTS[run.result]}</span>
<p class="soft">Bootstrap report of stack ${escaped(stack)}, run of ${escaped(run.begun.slice(0, 16).replace("T", " "))} UTC</p></header>`;
}

function tiles({ window, run, lanes, topology: { controlPlanes, workers } }: Report): string {
  const { secondsUsed, secondsBudgeted } = window;
  const used = secondsUsed === undefined ? "not over" : formatSeconds(secondsUsed);
  const part = Math.min(100, (100 * (secondsUsed ?? 0)) / secondsBudgeted);
  const over = (secondsUsed ?? 0) > secondsBudgeted;
  const tile = (title: string, value: string, note: string) =>
    `<div><span class="soft">${title}</span><b>${value}</b>${note}</div>`;
  const note = (text: string) => `<span class="soft">${text}</span>`;
  const gauge = `<span class="gauge${over ? " over" : ""}" role="img" aria-label="${escaped(budgetText(window))}"><i style="width:${part.toFixed(1)}%"></i></span>`;
  const worked = lanes.flatMap(({ bars }) => bars).length;
  return `<div class="tiles">
${tile("Bootstrap window", used, note(`of ${secondsBudgeted} s budgeted`) + gauge)}
${tile("Whole run", formatSeconds(run.seconds), note(RESULTS[run.result]))}
${tile("Nodes", String(controlPlanes.length + workers.length), note(`${counted(controlPlanes.length, "control plane")}, ${counted(workers.length, "worker")}`))}
${tile("Resources", String(worked), note("in the timeline"))}
</div>`;
}

function legend(): string {
  const colours = {
    secrets: "secrets",
    node: "machine configuration",
    bootstrap: "bootstrap",
    cilium: "Cilium",
  };
  const entries = Object.entries(colours).map(
    ([colour, words]) => `<li><i style="--c:var(--${colour})"></i>${words}</li>`,
  );
  return `<ul class="legend">${entries.join("")}<li><i class="gate"></i>gate: waits</li><li>tick without a name: a kept value</li><li>dashed: moments of the bootstrap window</li></ul>`;
}

function phases({ phases: all }: Report): string {
  if (all.length === 0) {
    return `<div><h3>From beginning to end</h3><p class="soft">The cluster has not been bootstrapped yet.</p></div>`;
  }
  return `<div><h3>From beginning to end</h3>${gaugeTable(all.map(({ title, seconds }) => [title, seconds]))}</div>`;
}

function slowest({ lanes }: Report): string {
  const bars = lanes.flatMap(({ name, bars: own }) =>
    own.map((bar): [string, ReportBar] => [name, bar]),
  );
  const top = bars.sort(([, a], [, b]) => b.seconds - a.seconds).slice(0, SLOWEST);
  const rows = top.map(([lane, bar]): [string, number] => [`${lane}: ${bar.label}`, bar.seconds]);
  return `<div><h3>Slowest resources</h3>${gaugeTable(rows)}</div>`;
}

function gaugeTable(rows: readonly (readonly [string, number])[]): string {
  const longest = Math.max(0.001, ...rows.map(([, seconds]) => seconds));
  const lines = rows.map(([title, seconds]) => {
    const gauge = `<span class="gauge"><i style="width:${((100 * seconds) / longest).toFixed(1)}%"></i></span>`;
    return `<tr><td>${escaped(title)}${gauge}</td><td class="number">${formatSeconds(seconds)}</td></tr>`;
  });
  return `<table>${lines.join("\n")}</table>`;
}

function topology({ topology: all }: Report): string {
  const nodes = (title: string, name: string, list: readonly TopologyNode[]) =>
    list.length === 0
      ? ""
      : `<h3>${title}</h3><ul class="nodes ${name}">${list
          .map(
            ({ hostname, ipAddress }) =>
              `<li>${escaped(hostname)}<small>${escaped(ipAddress)}</small></li>`,
          )
          .join("")}</ul>`;
  const { kubePrismPort, kubeProxyReplacement } = all;
  return `<p class="endpoint"><span class="soft">Kubernetes API</span> ${escaped(all.clusterEndpoint)}</p>
${nodes("Control planes", "control-planes", all.controlPlanes)}
${nodes("Workers", "workers", all.workers)}
${table([
  ["Pods", all.podSubnets.join(", ")],
  ["Services", all.serviceSubnets.join(", ")],
  ["DNS domain", all.dnsDomain],
  [
    "Agents reach the API by",
    kubePrismPort ? `KubePrism, 127.0.0.1:${kubePrismPort}` : "the endpoint",
  ],
  ["Services are handled by", kubeProxyReplacement ? "Cilium" : "kube-proxy"],
])}`;
}

function table(rows: readonly (readonly [string, string])[]): string {
  const lines = rows.map(
    ([name, value]) => `<tr><th scope="row">${escaped(name)}</th><td>${escaped(value)}</td></tr>`,
  );
  return `<table>${lines.join("\n")}</table>`;
}

function findings({ findings: all }: Report): string {
  if (all.length === 0) return `<p class="soft">No rule warned, and nothing in this run did.</p>`;
  const entries = all.map(
    ({ severity, from, text }) =>
      `<li class="${severity}"><b>${escaped(from)}</b>\n${escaped(text)}</li>`,
  );
  return `<ul class="findings">${entries.join("\n")}</ul>`;
}
