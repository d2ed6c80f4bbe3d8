// The components of other frameworks, compiled for the tests.
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { transformWithOxc, type Plugin, type PluginOption } from 'vite'
import solid from 'vite-plugin-solid'
import { compileScript, parse } from 'vue/compiler-sfc'

/** Svelte's components, for where they are rendered: in a browser or on a server. */
export function svelteComponents(): PluginOption {
  return svelte({ configFile: false })
}

/** The JSX of Solid, in the folders named after it: other JSX says what it is for in its first lines. */
export function solidComponents(): PluginOption {
  return solid({ include: /\/solid\/.+\.tsx$/ })
}

/** Vue's components with `<script setup lang="ts">`, compiled by Vue itself. */
export function vueComponents(): Plugin {
  return {
    name: 'vue-components',
    config: () => ({
      define: {
        __VUE_OPTIONS_API__: false,
        __VUE_PROD_DEVTOOLS__: false,
        __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false,
      },
    }),
    transform: {
      filter: { id: /\.vue$/ },
      handler: (code, id) => {
        const { descriptor } = parse(code, { filename: id })
        const script = compileScript(descriptor, { id, inlineTemplate: true })
        return transformWithOxc(script.content, `${id}.ts`)
      },
    },
  }
}
