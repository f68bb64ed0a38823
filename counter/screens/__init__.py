"""One file a screen; the guided steps in the order of `counter.rules.service.StepId`."""
