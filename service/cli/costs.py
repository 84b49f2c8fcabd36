"""`berth costs`, `berth compare` and `berth recommend`: what it costs, and which orchestrator to choose."""

from time import sleep
from typing import Annotated

import typer
from pydantic import JsonValue
from rich.console import Console
from rich.table import Table

from service.cli.client import BerthClient
from service.cli.cost_answers import ComparisonAnswer
from service.cli.cost_output import print_comparison, print_recommendation
from service.cli.documents import read_document
from service.cli.errors import CommandError
from service.cli.exit_codes import ExitCode
from service.cli.options import DEFAULT_URL, JsonOption, TokenOption, UrlOption
from service.cli.output import print_json, print_json_value
from service.costs.fleet import Grouping
from service.recommendations.questionnaire import CHOICES, Questionnaire

POLL_SECONDS = 0.5

AnswerOption = Annotated[
    list[str],
    typer.Option(
        "--answer",
        "-a",
        metavar="QUESTION=ANSWER",
        help="For instance kubernetes_experience=none; the questions are "
        + "; ".join(f"{name}: {', '.join(choices)}" for name, choices in CHOICES.items()),
        default_factory=list,
        show_default=False,
    ),
]


def costs(
    by: Annotated[Grouping, typer.Option(help="Tell apart by this.")] = Grouping.TEAM,
    as_json: JsonOption = False,
    url: UrlOption = DEFAULT_URL,
    token: TokenOption = None,
) -> None:
    """Show what the living environments cost a month."""
    with BerthClient(url, token) as client:
        fleet = client.get_costs(by)
    if as_json:
        print_json(fleet)
        return
    table = Table(by.value, "environments", "USD a month", "at the least", "at the most", box=None)
    for group in (*fleet.groups, fleet.total):
        cost = group.cost
        amounts = (f"{amount:,.2f}" for amount in (cost.desired_usd, cost.min_usd, cost.max_usd))
        table.add_row(group.group, str(group.environments), *amounts)
    Console().print(table)


def compare(
    file: Annotated[
        str,
        typer.Argument(
            help="An application: a request document, YAML or JSON; its orchestrator is left out."
        ),
    ],
    answer: AnswerOption,
    instance_type: Annotated[str, typer.Option(help="To reckon compute with.")] = "m5.xlarge",
    as_json: JsonOption = False,
    url: UrlOption = DEFAULT_URL,
    token: TokenOption = None,
) -> None:
    """Put an application on ECS and on EKS side by side; both are previewed, nothing is deployed."""
    document = {key: value for key, value in read_document(file).items() if key != "orchestrator"}
    wanted: dict[str, JsonValue] = {
        "application": document,
        "answers": _answers(answer),
        "instance_type": instance_type,
    }
    with BerthClient(url, token) as client:
        started = client.create_comparison(wanted)
        with Console(stderr=True).status("previewing on ECS and on EKS ..."):
            shown = client.read_comparison(started.id)
            while ComparisonAnswer.model_validate(shown).state == "running":
                sleep(POLL_SECONDS)
                shown = client.read_comparison(started.id)
        if as_json:
            print_json_value(shown)
            return
        print_comparison(Console(), ComparisonAnswer.model_validate(shown))
        Console().print(f"The report: {url}/v1/comparisons/{started.id}/report", soft_wrap=True)


def recommend(
    answer: AnswerOption,
    comparison: Annotated[
        str | None, typer.Option(help="A finished comparison, whose facts count too.")
    ] = None,
    as_json: JsonOption = False,
    url: UrlOption = DEFAULT_URL,
    token: TokenOption = None,
) -> None:
    """Recommend ECS or EKS, with reasons; in a terminal it asks the questions if none is answered."""
    answers = _answers(answer) if answer or not Console().is_terminal else _ask()
    wanted: dict[str, JsonValue] = {"answers": answers}
    if comparison is not None:
        wanted["comparison_id"] = comparison
    with BerthClient(url, token) as client:
        recommendation = client.recommend(wanted)
    if as_json:
        print_json(recommendation)
        return
    print_recommendation(Console(), recommendation)


def _answers(given: list[str]) -> dict[str, JsonValue]:
    """Read `question=answer` pairs; raise CommandError naming what there is."""
    answers: dict[str, JsonValue] = {}
    for pair in given:
        question, _, answer = pair.partition("=")
        choices = CHOICES.get(question)
        if choices is None:
            known = ", ".join(CHOICES)
            raise CommandError(f"there is no question {question!r}: {known}", exit_code=ExitCode.USAGE)
        if answer not in set(choices):
            known = ", ".join(choices)
            raise CommandError(f"{question} is one of {known}, not {answer!r}", exit_code=ExitCode.USAGE)
        answers[question] = answer
    return answers


def _ask() -> dict[str, JsonValue]:
    """Ask each question; an empty answer leaves it open."""
    console = Console()
    answers: dict[str, JsonValue] = {}
    for name, choices in CHOICES.items():
        field = Questionnaire.model_fields[name]
        console.print(f"[bold]{field.title}[/]: {field.description}", highlight=False)
        said = ""
        while said not in {*choices, "-"}:
            said = typer.prompt(f"  {', '.join(choices)}, or - to leave it open", default="-")
        if said != "-":
            answers[name] = said
    return answers
