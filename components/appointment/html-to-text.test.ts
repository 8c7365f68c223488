import { expect, test } from 'vitest'
import { htmlToText } from './html-to-text.ts'

test.each([
  ['plain text is unchanged: 3 < 4 & 5 > 2', 'plain text is unchanged: 3 < 4 & 5 > 2'],
  ['<b>Bold</b> and <a href="https://example.com?a=1&b=2">a link</a>', 'Bold and a link'],
  ['one<br>two<br/>three', 'one\ntwo\nthree'],
  ['<ul><li>milk</li><li>tea</li></ul>', 'milk\ntea\n'],
  [
    '<p>Tom &amp; Jerry &lt;3 &#39;tis &#x1F600; &nbsp;&unknown; &#99999999;</p>',
    "Tom & Jerry <3 'tis 😀 \u00a0&unknown; &#99999999;\n",
  ],
  ['<i>a</i><!-- <b>hidden</b> --><script>planted()</script>b', 'ab'],
  ['<img src="/x" onerror="planted=1">after', 'after'],
])('%s', (html, text) => {
  expect(htmlToText(html)).toBe(text)
})
