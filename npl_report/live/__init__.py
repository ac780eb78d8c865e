"""An edition as its author sees it while writing: pages made when they are looked at, and anew after a change."""
