import { expect, test } from 'vitest'
import { htmlToText } from './html-to-text.ts'

test.each([
  ['plain text is unchanged: 3 < 4 & 5 > 2', 'plain text is unchanged: 3 < 4 & 5 > 2'],
  ['<b>Bold</b> and <a href="https://example.com?a=1&b=2">a link</a>', 'Bold and a link https://example.com/?a=1&b=2'],
  ['<a href="https://example.com/a">https://example.com/a</a>', 'https://example.com/a'],
  ['<a href="https://example.com">https://example.com</a>', 'https://example.com'],
  ['<a href="mailto:ann@x.example">ann@x.example</a>', 'ann@x.example'],
  ['<a href="https://evil.example">https://bank.example</a>', 'https://bank.example https://evil.example/'],
  ["<A class=x HREF='https://x.example/?a=1&amp;lt=2'><b>go</b></A> on", 'go https://x.example/?a=1&lt=2 on'],
  ['<a href="javascript:planted()">words</a>', 'words'],
  ['<a href="https://x.example/p"></a>', ' https://x.example/p'],
  ['Ann <ann@x.example>', 'Ann <ann@x.example>'],
  ['Ann <ann@x.example> &amp; Bo <b@x.example>', 'Ann <ann@x.example> &amp; Bo <b@x.example>'],
  ['<b>Ann</b> <ann@x.example>', 'Ann <ann@x.example>'],
  ['Click here to join<https://teams.example.com/l/abc>', 'Click here to join<https://teams.example.com/l/abc>'],
  ['<mailto:ann@x.example><br>tel <tel:+61400000001>', '<mailto:ann@x.example>\ntel <tel:+61400000001>'],
  ['if a <b and c> d, or x<y', 'if a  d, or x<y'],
  ['<p>one<o:p></o:p></p><table><tr><td>two</td></tr></table>', 'one\ntwo\n'],
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

test.each(['<!--', '<b', '<a href="x" ', '<script>', "<a href='", '&#', '<a href=x>', '<p "'])(
  'many of %s take no time',
  (part) => {
    const started = process.cpuUsage()
    htmlToText(part.repeat(100_000))
    expect(process.cpuUsage(started).user).toBeLessThan(1_000_000)
  },
)
