// @ts-check
// Checks every dashboard against the types that Grafana publishes for its version: what it has never heard of, and what has the wrong type, is an error.
// Usage: node check.mjs DASHBOARD.json…; exit 0 fine, 1 and a line per problem.
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const here = dirname(fileURLToPath(import.meta.url));
const raw = '@grafana/schema/dist/esm/raw/composable';
/** Types of the options, and of the field settings where there are some, by kind of panel. */
const kinds = {
  'status-history': ['statushistory', 'StatusHistory', true],
  table: ['table', 'Table', true],
  text: ['text', 'Text', false],
  timeseries: ['timeseries', 'TimeSeries', true],
};

/** @param {string} file @returns {string} TypeScript in which the compiler compares the file with the types. */
function asTypeScript(file) {
  const dashboard = JSON.parse(readFileSync(file, 'utf8'));
  const lines = ["import type { Dashboard } from '@grafana/schema/dist/esm/raw/dashboard/x/Dashboard_types.gen';"];
  for (const [kind, [folder, name, fields]] of Object.entries(kinds)) {
    const key = kind.replace('-', '_');
    lines.push(`import type { Options as ${key}_options${fields ? `, FieldConfig as ${key}_fields` : ''} } from '${raw}/${folder}/panelcfg/x/${name}PanelCfg_types.gen';`);
  }
  // JSON has the values of enumerations and not their names.
  lines.push(
    'type Literal<T> = `${T & (string | number)}` extends `${infer N extends number}` ? N : never;',
    'type Json<T> = T extends string ? (string extends T ? T : `${T}`) : T extends number ? (number extends T ? T : Literal<T>) : T extends boolean | null | undefined ? T',
    '  : T extends readonly (infer U)[] ? Json<U>[] : unknown extends T ? T : T extends object ? { [K in keyof T]: Json<T[K]> } : T;',
    `export const dashboard: Json<Dashboard> = ${JSON.stringify(dashboard, null, 1)};`);
  dashboard.panels.forEach((/** @type {any} */ panel, /** @type {number} */ index) => {
    const kind = kinds[/** @type {keyof typeof kinds} */ (panel.type)];
    if (!kind) throw new Error(`${basename(file)}: panel ${panel.id} is of the kind ${panel.type}, whose types this check does not know`);
    const key = panel.type.replace('-', '_');
    lines.push(`export const options_${index}: Partial<Json<${key}_options>> = ${JSON.stringify(panel.options)};`);
    if (kind[2]) lines.push(`export const fields_${index}: Partial<Json<${key}_fields>> = ${JSON.stringify(panel.fieldConfig.defaults.custom ?? {})};`);
  });
  return lines.join('\n');
}

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error('Name the dashboards: node check.mjs DASHBOARD.json…');
  process.exit(2);
}
const sources = new Map(files.map((file, index) => [join(here, `dashboard-${index}.ts`), { file, text: asTypeScript(file) }]));
/** @type {ts.CompilerOptions} */
const options = { strict: true, noEmit: true, skipLibCheck: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, types: [] };
const host = ts.createCompilerHost(options);
const { fileExists, readFile, getSourceFile } = host;
host.fileExists = (path) => sources.has(path) || fileExists(path);
host.readFile = (path) => sources.get(path)?.text ?? readFile(path);
host.getSourceFile = (path, version, ...rest) => {
  const own = sources.get(path);
  return own ? ts.createSourceFile(path, own.text, version, true) : getSourceFile(path, version, ...rest);
};
const problems = ts.getPreEmitDiagnostics(ts.createProgram([...sources.keys()], options, host));
for (const problem of problems) {
  const where = problem.file && sources.get(problem.file.fileName);
  const line = problem.file && problem.start !== undefined ? problem.file.text.split('\n')[problem.file.getLineAndCharacterOfPosition(problem.start).line].trim().slice(0, 160) : '';
  console.error(`${where ? basename(where.file) : problem.file?.fileName}: ${ts.flattenDiagnosticMessageText(problem.messageText, ' ')} at: ${line}`);
}
console.log(`${files.length} dashboards, ${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);
