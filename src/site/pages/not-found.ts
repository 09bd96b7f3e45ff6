// The page for an address that leads nowhere. A host shows it at any depth, so it must not load anything by a relative URL.
import { markup, raw } from "../markup.ts";

export function renderNotFoundPage(course: { title: string; language: string }, style: string): string {
  return markup`<!doctype html>
    <html lang="${course.language}">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
        />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>Not found · ${course.title}</title>
        <style>
          ${raw(style)}
        </style>
      </head>
      <body>
        <main>
          <p class="code">404</p>
          <h1>There is no page here</h1>
          <p>
            The address may be mistyped, or the chapter may have been renamed. Nothing that you typed in a
            lesson is lost.
          </p>
          <p><a href="./">All chapters of ${course.title}</a></p>
        </main>
      </body>
    </html> `.text;
}
