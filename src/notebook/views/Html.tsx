// HTML that the build made from the lesson's Markdown; nothing of a reader's or a cell's ever comes here.

export function Html({ html, class: className }: { html: string; class?: string }) {
  return <div class={className} dangerouslySetInnerHTML={{ __html: html }} />;
}

/** The same inside a line of text: a single paragraph loses its `<p>`. */
export function InlineHtml({ html }: { html: string }) {
  const single = /^\s*<p>([\s\S]*)<\/p>\s*$/.exec(html)?.[1];
  const inline = single !== undefined && !single.includes("<p>") ? single : html;
  return <span dangerouslySetInnerHTML={{ __html: inline }} />;
}
