import type { Run } from '../run.ts';
import { TITLE, targetName } from '../tally.ts';
import { appendix } from './appendix.ts';
import { failures } from './failures.ts';
import { h, Markup } from './markup.ts';
import { matrix } from './matrix.ts';
import { requirements } from './requirements.ts';
import { SCRIPT } from './script.ts';
import { STYLES } from './styles.ts';
import { header, summaries } from './summary.ts';

const SECTIONS = {
  work: 'To do',
  areas: 'Areas',
  requirements: 'Requirements',
  matrix: 'Matrix',
  waivers: 'Waivers',
  leftovers: 'Left behind',
  extras: 'Extra fields',
};

/** One HTML page that loads nothing from outside. */
export function html(run: Run): string {
  const page = h`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${TITLE[run.verdict]}: ${targetName(run)}, ${run.startedAt.slice(0, 10)}</title>
<style>${new Markup(STYLES)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the findings</a>
<nav aria-label="Sections"><span class="brand">flowpact</span>${Object.entries(SECTIONS).map(([id, title]) => h`<a href="#${id}">${title}</a>`)}<button type="button" id="theme" data-now="auto" hidden>Theme: auto</button></nav>
<main id="main">
${header(run)}
${failures(run)}
${summaries(run)}
${requirements(run)}
${matrix(run)}
${appendix(run)}
</main>
<footer>Made by ${run.tool.name} ${run.tool.version} from run ${run.id}. The data of the run is in run.json in the same folder.</footer>
<script>${new Markup(SCRIPT)}</script>
</body>
</html>
`;
  return page.text;
}
