"""The other engine: the pages as a Quarto website project, rendered by Quarto's command line and proved before they are taken."""
