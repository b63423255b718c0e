"""One file each: where papers are got. Found by looking; nobody imports them."""
