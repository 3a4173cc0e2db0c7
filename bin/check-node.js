// Runs before every npm script. The npm package `node` puts Node.js 24 first on the PATH of npm scripts.
// Where it is missing (--omit=optional, or --ignore-scripts), this file prints a sentence instead of a syntax error.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `anycheck-snapshots needs Node.js 24, and this is ${process.versions.node}. \`npm ci\` installs Node.js 24 for this project as ` +
      'an optional dependency. Run it, without --omit=optional and --ignore-scripts, then use npm scripts or npx.',
  );
  process.exit(1);
}
