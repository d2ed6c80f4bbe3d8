// Plain JavaScript: the Node that must be refused cannot read TypeScript.
const required = 24
const actual = Number(process.versions.node.split('.')[0])

if (actual < required) {
  console.error(
    `Cannot run: this is Node ${process.versions.node}, and the repository needs Node ${required}. ` +
      'It is the devDependency "node": run "npm ci" without --ignore-scripts, then start through npm ("npm test", "npm start").',
  )
  process.exit(1)
}
