import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** They wait for browsers and other processes. */
const longest = [
  'test/playground/playground.test.ts',
  'test/integration/tabs.test.ts',
  'test/integration/tabs-rounds.test.ts',
  'test/server/admin.test.ts',
  'test/redis/cluster.test.ts',
  'packages/client/src/tabs/any-order.test.ts',
  'test/bench/reading/bench.test.ts',
  'test/bench/fan-out/bench.test.ts',
  'test/bench/server/bench.test.ts',
]

/**
 * The files that take longest begin first, also where none was ever run: all that vitest knows there is how large they
 * are, and it would leave to the end, when nothing else is left to do, those that say little and wait for long.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- it is no array's
    const sorted = await super.sort(files)
    const place = ({ moduleId }: TestSpecification) => {
      const index = longest.findIndex((name) => moduleId.endsWith(`/${name}`))
      return index === -1 ? longest.length : index
    }
    // Vitest has put the files of each project together.
    const projects = [...Map.groupBy(sorted, ({ project }) => project).values()]
    const first = (all: readonly TestSpecification[]) => Math.min(...all.map(place))
    return projects
      .map((all) => all.toSorted((a, b) => place(a) - place(b)))
      .toSorted((a, b) => first(a) - first(b))
      .flat()
  }
}
