"""Expected-return models, one per file; each is a plug-in that turns a Sample into a Fit."""
