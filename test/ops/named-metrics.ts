import { readFileSync } from 'node:fs';
import { REQUEST_CLASSES } from '../../src/platform/http/request/request-class.ts';

const DASHBOARD = 'deploy/grafana/matjip.json';
export const ALERTS = 'deploy/prometheus/alerts.yml';

interface Dashboard {
  readonly panels: readonly { readonly targets?: readonly { readonly expr: string }[] }[];
}

/** Every expression of the dashboard and of the alerts. */
export function expressions(): string[] {
  const dashboard = JSON.parse(readFileSync(DASHBOARD, 'utf8')) as Dashboard;
  const alerts = readFileSync(ALERTS, 'utf8')
    .split('- alert:')
    .slice(1)
    .map((rule) => /expr:([\s\S]*?)\n {8}(?:for|labels):/.exec(rule)![1]!);
  return [...dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)), ...alerts];
}

/** The metrics that are named in them. */
export const namedMetrics = (): Set<string> =>
  new Set(expressions().flatMap((text) => text.match(/\b(?:matjip|process|nodejs)_\w+/g) ?? []));

/** The metrics that an answer of `/metrics` says it has, as Prometheus stores them. */
export function printedMetrics(text: string): Set<string> {
  const printed = new Set<string>();
  for (const [, name, type] of text.matchAll(/^# TYPE (\w+) (\w+)$/gm)) {
    const endings = type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
    for (const ending of endings) printed.add(`${name}${ending}`);
  }
  return printed;
}

/** Classes of requests that are named and that there are not. */
export const unknownClasses = (): string[] =>
  expressions()
    .flatMap((text) => [...text.matchAll(/class="([^"]*)"/g)].map(([, name]) => name!))
    .filter((name) => !(REQUEST_CLASSES as readonly string[]).includes(name));
