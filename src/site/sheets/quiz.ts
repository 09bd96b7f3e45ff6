// A question on paper, and its answer.
import type { Choice, QuizBlock } from "../../lesson/index.ts";
import { markup, raw, type Html } from "../markup.ts";
import { renderCode } from "./code.ts";

/** The question with room to answer it. */
export function renderQuestion(quiz: QuizBlock): Html {
  return markup`${renderPrompt(quiz)}${roomFor(quiz)}`;
}

function renderPrompt(quiz: QuizBlock): Html {
  return markup`<div class="question">${raw(quiz.questionHtml)}</div>
${quiz.quiz === "trace" && renderCode(quiz.program.source)}`;
}

function roomFor(quiz: QuizBlock): Html {
  switch (quiz.quiz) {
    case "choice":
    case "multiple":
      return markup`${quiz.quiz === "multiple" && markup`<p class="note">Mark all that are right.</p>`}
<ul class="choices">${quiz.choices.map(({ html }) => markup`<li>${raw(html)}</li>`)}</ul>`;
    case "numeric":
      return markup`<p class="blank">${quiz.unit}</p>`;
    case "short":
      return markup`<p class="blank"></p>`;
    case "trace":
      return markup`<p class="note">One line for each line printed.</p>
<div class="lines"></div>`;
  }
}

/** The question with its answer. */
export function renderAnswer(quiz: QuizBlock): Html {
  return markup`${renderPrompt(quiz)}
<div class="answer"><h3>Answer</h3>
${answerOf(quiz)}
${quiz.explanationHtml !== null && markup`<div class="explanation">${raw(quiz.explanationHtml)}</div>`}</div>`;
}

function answerOf(quiz: QuizBlock): Html {
  switch (quiz.quiz) {
    case "choice":
    case "multiple":
      return markup`<ul class="choices">${quiz.choices.map(renderChoice)}</ul>`;
    case "numeric":
      return markup`<p><strong>${String(quiz.answer)}${quiz.unit !== null && ` ${quiz.unit}`}</strong>${quiz.tolerance > 0 && `, within ${quiz.tolerance}`}</p>
${renderFeedback(quiz.feedback.map(({ value, html }) => [String(value), html]))}`;
    case "short":
      return markup`<p>${quiz.accept.map((answer, index) => markup`${index > 0 && " or "}<strong>${answer}</strong>`)}</p>
${renderFeedback(quiz.feedback.map(({ answer, html }) => [answer, html]))}`;
    case "trace":
      return markup`<pre><code>${quiz.answer}</code></pre>
${renderFeedback(quiz.feedback.map(({ answer, html }) => [answer, html]))}`;
  }
}

function renderChoice({ html, correct, feedbackHtml }: Choice): Html {
  return markup`<li${correct && raw(' class="right"')}>${raw(html)}${feedbackHtml !== null && markup`<div class="feedback">${raw(feedbackHtml)}</div>`}</li>`;
}

function renderFeedback(wrong: readonly [answer: string, html: string][]): Html {
  if (wrong.length === 0) return markup``;
  return markup`<dl class="wrong">${wrong.map(
    ([answer, html]) => markup`<dt>Not ${answer}</dt><dd class="feedback">${raw(html)}</dd>`,
  )}</dl>`;
}
