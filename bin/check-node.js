// Runs before every npm script. The npm package `node` puts Node 24 first on the PATH of npm scripts;
// where it is missing (installed with --omit=optional, or with install scripts off), say so instead of a syntax error.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `anycheck-snapshots needs Node.js 24, and this is ${process.versions.node}. \`npm ci\` installs it for this project as an ` +
      'optional dependency: run it again without --omit=optional and --ignore-scripts, and use npm scripts or npx.',
  );
  process.exit(1);
}
