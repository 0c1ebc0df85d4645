from django.db import models

from conversations.enums import RunStatus
from conversations.models.conversation import Conversation


class AgentRun(models.Model):
    """One turn of the agent: what it started from, what it did, what it cost, how it ended."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="runs")
    epoch = models.PositiveIntegerField()
    status = models.CharField("situação", max_length=12, choices=RunStatus, default=RunStatus.RUNNING)
    model = models.CharField("modelo", max_length=80, blank=True)
    prompt_version = models.CharField("versão do prompt", max_length=40)
    policy_version = models.PositiveIntegerField("versão da política", default=1)
    # Inbound message ids of this turn, the facts block's reference names, what the checks found.
    inbound_ids = models.JSONField(default=list)
    facts = models.JSONField("fatos", default=dict)
    checks = models.JSONField("checagens", default=list)
    draft = models.TextField("rascunho", blank=True)
    tokens_in = models.PositiveIntegerField(default=0)
    tokens_out = models.PositiveIntegerField(default=0)
    tokens_estimated = models.BooleanField(default=False)
    error = models.CharField("erro", max_length=300, blank=True)
    started_at = models.DateTimeField("início")
    recorded_at = models.DateTimeField(auto_now_add=True)
    milliseconds = models.PositiveIntegerField("duração (ms)", default=0)

    class Meta:
        verbose_name = "turno do robô"
        verbose_name_plural = "turnos do robô"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"turno {self.pk}"


class AgentStep(models.Model):
    """One tool call of a turn, with the arguments and the answer the model saw."""

    run = models.ForeignKey(AgentRun, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField()
    tool = models.CharField("ferramenta", max_length=40)
    arguments = models.JSONField("argumentos", default=dict)
    result = models.JSONField("resultado", default=dict)
    ok = models.BooleanField(default=True)
    milliseconds = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return self.tool
