"""The statistician's desk: releases in the making for the register, published figures for everyone who may see them."""
