/** The arrows of docs/architecture.md. Rooms import the rooms named here and no others. */
const room = (name) => `^src/${name}/`;
const others = (allowed) => `^src/(?!(${allowed.join('|')})/)[^/]+/`;

const arrows = {
  kernel: ['kernel'],
  sse: ['sse', 'kernel'],
  fitting: ['fitting', 'kernel'],
  tokens: ['tokens'],
  protocols: ['protocols', 'sse', 'kernel'],
  disk: ['disk', 'kernel'],
  credentials: ['credentials', 'disk', 'kernel'],
  accounts: ['accounts', 'credentials', 'disk', 'kernel'],
  upstream: ['upstream', 'kernel'],
  state: ['state', 'kernel'],
  telemetry: ['telemetry', 'kernel'],
  config: ['config', 'kernel'],
  pipeline: ['pipeline', 'fitting', 'tokens', 'protocols', 'credentials', 'upstream', 'sse', 'kernel'],
  http: ['http', 'pipeline', 'kernel'],
  cli: ['cli', 'accounts', 'credentials', 'disk', 'config', 'kernel'],
  sandbox: ['sandbox', 'sse', 'kernel'],
};

module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-orphan', severity: 'error', from: { orphan: true, pathNot: '\\.d\\.ts$' }, to: {} },
    ...Object.entries(arrows).map(([name, allowed]) => ({
      name: `arrow-${name}`,
      severity: 'error',
      from: { path: room(name) },
      to: { path: others(allowed) },
    })),
    {
      name: 'rooms-do-not-import-the-roof',
      severity: 'error',
      from: { path: '^src/[^/]+/' },
      to: { path: '^src/[^/]+\\.ts$' },
    },
    {
      name: 'protocols-stand-alone',
      comment: 'A dialect never imports another one; the registry alone knows them all.',
      severity: 'error',
      from: { path: '^src/protocols/([^/]+)/' },
      to: { path: '^src/protocols/', pathNot: '^src/protocols/$1/' },
    },
    {
      name: 'protocols-have-one-door',
      severity: 'error',
      from: { pathNot: '^src/protocols/[^/]+/' },
      to: { path: '^src/protocols/[^/]+/', pathNot: '^src/protocols/[^/]+/index\\.ts$' },
    },
    {
      name: 'kernel-and-protocols-are-pure',
      severity: 'error',
      from: { path: '^src/(kernel|fitting|protocols)/' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'core'] },
    },
    {
      name: 'express-lives-in-http',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(http/|app\\.ts)' },
      to: { path: 'node_modules/(@types/)?express' },
    },
    {
      name: 'aliyun-only-in-its-sink',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/telemetry/aliyun-sink\\.ts$' },
      to: { path: 'node_modules/aliyun-log' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    exclude: { path: '^(dist|coverage)/' },
  },
};
